"""Every name and number that the scripts share, once.

Purpose: a reader finds here what can be changed, and nothing is written twice.
Author: the authors of the MLOps capstones. Date: November 2026.
"""

TARGET_TEXT, STAYED, TARGET = "Attrition_Flag", "Existing Customer", "Churn"
CATEGORIES = ["Gender", "Education_Level", "Marital_Status", "Income_Category", "Card_Category"]
NUMBERS = ["Customer_Age", "Dependent_count", "Months_on_book", "Total_Relationship_Count",
           "Months_Inactive_12_mon", "Contacts_Count_12_mon", "Credit_Limit",
           "Total_Revolving_Bal", "Avg_Open_To_Buy", "Total_Amt_Chng_Q4_Q1", "Total_Trans_Amt",
           "Total_Trans_Ct", "Total_Ct_Chng_Q4_Q1", "Avg_Utilization_Ratio"]
DATA, LOG = "data/bank_data.csv", "logs/churn_library.log"
EDA_FOLDER, RESULTS_FOLDER, MODELS_FOLDER = "images/eda", "images/results", "models"
TEST_SHARE, SEED = 0.3, 42
TREES, DEPTHS, FOLDS = 20, [4, None], 2
LEAST_P_VALUE, LEAST_SHIFT = 0.001, 0.1
